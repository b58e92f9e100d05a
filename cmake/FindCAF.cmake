# Debian's libcaf-dev ships neither a CMake nor a pkg-config file. Targets CAF::core, CAF::io,
# CAF::openssl; the last two where their libraries are there.
find_path(CAF_INCLUDE_DIR caf/actor.hpp)
find_library(CAF_CORE_LIBRARY caf_core)
find_library(CAF_IO_LIBRARY caf_io)
find_library(CAF_OPENSSL_LIBRARY caf_openssl)
mark_as_advanced(CAF_INCLUDE_DIR CAF_CORE_LIBRARY CAF_IO_LIBRARY CAF_OPENSSL_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS CAF_CORE_LIBRARY CAF_INCLUDE_DIR)

function(mutirao_caf_target name library)
  if(NOT library OR TARGET CAF::${name})
    return()
  endif()
  add_library(CAF::${name} UNKNOWN IMPORTED)
  set_target_properties(CAF::${name} PROPERTIES IMPORTED_LOCATION ${library}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${CAF_INCLUDE_DIR}
                        INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

if(CAF_FOUND)
  mutirao_caf_target(core "${CAF_CORE_LIBRARY}" Threads::Threads)
  mutirao_caf_target(io "${CAF_IO_LIBRARY}" CAF::core)
  mutirao_caf_target(openssl "${CAF_OPENSSL_LIBRARY}" CAF::io OpenSSL::SSL OpenSSL::Crypto)
endif()
