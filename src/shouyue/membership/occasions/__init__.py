"""What gives points besides purchases: surveys, check-ins, reviews, birthdays, confirmed data."""
