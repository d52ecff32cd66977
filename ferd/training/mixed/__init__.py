"""Trains residual networks on FER2013's labels and FER+'s votes at once."""
