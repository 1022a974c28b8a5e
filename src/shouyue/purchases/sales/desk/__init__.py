"""What was sold, on screen: products, categories, stores."""
