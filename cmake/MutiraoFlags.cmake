# Warnings, sanitizers, linker and compiler cache, as an interface that every target of ours takes.
add_library(mutirao_flags INTERFACE)
target_compile_options(mutirao_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion
                       $<IF:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>,-Wshadow=local,-Wshadow>
                       $<$<BOOL:${MUTIRAO_WERROR}>:-Werror>)
target_include_directories(mutirao_flags INTERFACE ${PROJECT_SOURCE_DIR})

if(MUTIRAO_SANITIZE)
  # Three checks make the build half as long again, and find little that is not found without them: a
  # pointer to nothing ends in a report anyway, and this machine reads what is not aligned.
  target_compile_options(mutirao_flags INTERFACE -fsanitize=${MUTIRAO_SANITIZE}
                         -fno-sanitize=null,alignment,vptr -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(mutirao_flags INTERFACE -fsanitize=${MUTIRAO_SANITIZE})
endif()

find_program(MUTIRAO_MOLD mold)
if(MUTIRAO_MOLD)
  target_link_options(mutirao_flags INTERFACE -fuse-ld=mold)
endif()
find_program(MUTIRAO_CCACHE ccache)
if(MUTIRAO_CCACHE)
  # Without the first two it caches nothing that uses a precompiled header; by the others it knows
  # what another checkout has compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${MUTIRAO_CCACHE})
endif()

# mutirao_batch(target): several of the target's files are compiled as one, which takes a third of the
# time: nearly all of it goes into the headers of CAF. What one file has for itself alone (in a
# namespace without a name) may then not be called as what another one has; -Wshadow would take it for
# shadowed everywhere.
function(mutirao_batch target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON
                        UNITY_BUILD_BATCH_SIZE ${MUTIRAO_BATCH_SIZE})
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)  # no file is a header here
endfunction()
