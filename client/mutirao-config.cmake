# find_package(mutirao): the target mutirao::client, and what it is linked to.
include(CMakeFindDependencyMacro)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
find_dependency(Threads)
find_dependency(OpenSSL)
find_dependency(CAF)
include(${CMAKE_CURRENT_LIST_DIR}/mutirao-targets.cmake)
