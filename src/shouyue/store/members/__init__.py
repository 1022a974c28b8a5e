"""Members as principals: signing in with a phone and a code, and the sessions that follow. Never staff accounts."""
