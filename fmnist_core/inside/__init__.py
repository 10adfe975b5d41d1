"""What goes on inside a trained network; imports TensorFlow, so only for processes of their own."""
