"""Points that members give one another, and households that share them: by consent, up to caps, lots preserved."""
