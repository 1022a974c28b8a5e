"""Questions of the scoreboard: what is counted, what was judged, what the page shows."""
