"""What is in it? Workbook, web page and data package, all from the released tables themselves."""

from .datapackage import descriptor
from .observe import observe
from .page import page
from .subject import Subject
from .workbook import workbook

__all__ = ["Subject", "descriptor", "observe", "page", "workbook"]
