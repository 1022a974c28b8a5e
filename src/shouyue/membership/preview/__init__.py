"""What a draft of the rules would have given for past purchases, before it is published."""
