"""Questions of other rooms about what was bought."""
