from .active import active_region as active_region
from .active import as_region as as_region
from .active import set_region as set_region
from .active import using_region as using_region
from .shipped import ROXHAM as ROXHAM
from .shipped import read_region as read_region
from .shipped import region_names as region_names
from .study_area import Region as Region
