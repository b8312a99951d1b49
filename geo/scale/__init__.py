"""Past one machine: many files, many workers.

``connection`` finds workers, those of a running ``dask.distributed`` cluster or this process
alone; ``geoparquet`` reads of a file only what can matter; ``road_files`` finds crossings in a
network of many files, ``table_files`` works through tables of points. Workers get names of
files, never frames.
"""
