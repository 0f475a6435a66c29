"""What Java had to say where a call from Python failed."""

from py4j.protocol import Py4JJavaError


def java_causes(error: Exception) -> list:
    """The exception of Java behind an error and what caused it, from the outermost inwards; none where Java threw nothing."""
    first = error.java_exception if isinstance(error, Py4JJavaError) else getattr(error, "_origin", None)
    causes = []
    while first is not None and len(causes) < 30:
        causes.append(first)
        first = first.getCause()
    return causes
