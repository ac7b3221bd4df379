"""The ground floor: messages, errors, limits, the one atomic write. It imports nobody; everybody may import it."""
