# LibTorch as the PyPI wheel unpacks it: LibTorch_ROOT/torch/{lib,include}. Only c10 and torch_cpu are linked:
# libtorch.so would pull in CUDA. Its own CMake configuration is not used: it demands a CUDA toolkit even for the CPU.
find_path(LibTorch_INCLUDE_DIR ATen/ATen.h PATHS ${LibTorch_ROOT}/torch/include NO_DEFAULT_PATH)
foreach(lib c10 torch_cpu)
  find_library(LibTorch_${lib}_LIBRARY ${lib} PATHS ${LibTorch_ROOT}/torch/lib NO_DEFAULT_PATH)
endforeach()
# the OpenMP runtime that the wheel brings; a second one would be a second pool of threads
find_file(LibTorch_gomp_LIBRARY libgomp.so.1 PATHS ${LibTorch_ROOT}/torch/lib NO_DEFAULT_PATH)

if(LibTorch_INCLUDE_DIR AND EXISTS ${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h)
  file(STRINGS ${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h lines REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*PATCH ([0-9]+).*" "\\1.\\2.\\3" LibTorch_VERSION "${lines}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_torch_cpu_LIBRARY LibTorch_c10_LIBRARY LibTorch_gomp_LIBRARY LibTorch_INCLUDE_DIR
                                  VERSION_VAR LibTorch_VERSION)

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::c10 SHARED IMPORTED GLOBAL)
  set_target_properties(LibTorch::c10 PROPERTIES
    IMPORTED_LOCATION ${LibTorch_c10_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
  add_library(LibTorch::cpu SHARED IMPORTED GLOBAL)
  set_target_properties(LibTorch::cpu PROPERTIES
    IMPORTED_LOCATION ${LibTorch_torch_cpu_LIBRARY}
    INTERFACE_LINK_LIBRARIES "LibTorch::c10;${LibTorch_gomp_LIBRARY}"
    INTERFACE_COMPILE_OPTIONS -fopenmp   # at::parallel_for is a header: without it its loops run on one thread
    # the wheel brings fmt headers of its own, newer than the system's library: use them without a library
    INTERFACE_COMPILE_DEFINITIONS FMT_HEADER_ONLY)
endif()
