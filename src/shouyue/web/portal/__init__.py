"""The portal: pages for members on their phones, under /m/. Its frame, its sign-in, its own kind of session."""
