"""The parts a method can be composed of, and the method that is composed of them."""
