"""What methods compare with: features of two networks behind connectors, and the plain comparisons."""
