"""Points in the plane, and the regions networks cut it into."""
