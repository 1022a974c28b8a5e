"""Points at the till: what orders earn, what returns take back, and the API for both."""
