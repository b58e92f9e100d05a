# mutirao_library(domain a b): target mutirao_domain from every .cpp below domain/, linked to a and b.
function(mutirao_library folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(mutirao_${folder} STATIC ${sources})
  set_target_properties(mutirao_${folder} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(mutirao_${folder} PUBLIC mutirao_flags ${ARGN})
  if(MUTIRAO_BATCHED)
    mutirao_batch(mutirao_${folder})
  endif()
endfunction()

# mutirao_embed(target folder name): every .sql file of the folder is in `embedded::name` (name and
# text, in order of name), in the generated header embedded/name.hpp of the target.
function(mutirao_embed target folder name)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.sql)
  list(SORT files)
  set(out ${PROJECT_BINARY_DIR}/generated/embedded/${name}.hpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${name} "-DFILES=${files}" -P ${PROJECT_SOURCE_DIR}/cmake/Embed.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/Embed.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated)
endfunction()

# mutirao_embed_text(target file name): the file is `embedded::name` in the generated header
# embedded/name.hpp of the target.
function(mutirao_embed_text target file name)
  set(out ${PROJECT_BINARY_DIR}/generated/embedded/${name}.hpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DFILE=${PROJECT_SOURCE_DIR}/${file} -DNAME=${name}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    DEPENDS ${PROJECT_SOURCE_DIR}/${file} ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated)
endfunction()

# mutirao_test(domain lib...): test program test_domain from every .cpp below tests/domain; each
# GoogleTest case becomes a CTest case. The tests' own code is compiled for a quick build: without
# optimisation, and with the headers that nearly all of them read precompiled.
function(mutirao_test folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${folder} ${sources})
  target_link_libraries(test_${folder} PRIVATE ${ARGN} mutirao_places GTest::gmock GTest::gtest_main)
  target_compile_options(test_${folder} PRIVATE -O0)
  target_precompile_headers(test_${folder} PRIVATE
    <gtest/gtest.h> <nlohmann/json.hpp> <algorithm> <chrono> <filesystem> <fstream> <functional>
    <map> <memory> <regex> <set> <string> <thread> <vector>)
  gtest_discover_tests(test_${folder} TEST_FILTER "-on_postgres*" DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 300)
endfunction()

# mutirao_postgres_tests(folder filter): the cases of test_folder that FILTER names once more, as
# postgres.NAME, against a server that is started before the first of them and stopped after the last.
function(mutirao_postgres_tests folder filter)
  # Where the server's own user may go, whoever owns the checkout; a socket's path must be short.
  string(MD5 place ${PROJECT_BINARY_DIR})
  string(SUBSTRING ${place} 0 8 place)
  set(place /tmp/mutirao-postgres-${place})
  if(NOT TEST postgres_starts)
    add_test(NAME postgres_starts COMMAND ${PROJECT_SOURCE_DIR}/scripts/postgres start ${place})
    add_test(NAME postgres_stops COMMAND ${PROJECT_SOURCE_DIR}/scripts/postgres stop ${place})
    set_tests_properties(postgres_starts PROPERTIES FIXTURES_SETUP postgres)
    set_tests_properties(postgres_stops PROPERTIES FIXTURES_CLEANUP postgres)
  endif()
  gtest_discover_tests(test_${folder} TEST_PREFIX postgres. TEST_LIST postgres_${folder}
    TEST_FILTER ${filter} DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 300 FIXTURES_REQUIRED postgres
    ENVIRONMENT "MUTIRAO_TEST_POSTGRES=postgres://mutirao@/postgres?host=${place}")
endfunction()

# mutirao_fault_tests(folder filter): the cases of test_folder that FILTER names once more, as
# faulty.NAME, over a store whose every commit fails once.
function(mutirao_fault_tests folder filter)
  gtest_discover_tests(test_${folder} TEST_PREFIX faulty. TEST_LIST faulty_${folder}
    TEST_FILTER ${filter} DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 300 ENVIRONMENT "MUTIRAO_TEST_FAULTS=1")
endfunction()

# mutirao_version(target): the generated header generated/version.hpp of the target.
function(mutirao_version target)
  set(out ${PROJECT_BINARY_DIR}/version/generated/version.hpp)
  add_custom_target(mutirao_version_header
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
            -P ${PROJECT_SOURCE_DIR}/cmake/Version.cmake
    BYPRODUCTS ${out}
    VERBATIM)
  add_dependencies(${target} mutirao_version_header)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/version)
endfunction()

# mutirao_embed_web(target folder): every file of the folder, plain and compressed, becomes what
# http/web/bundle.hpp promises.
function(mutirao_embed_web target folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*)
  set(work ${PROJECT_BINARY_DIR}/web)
  set(out ${work}/bundle.cpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DWORK=${work} -DFOLDER=${PROJECT_SOURCE_DIR}/${folder}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedWeb.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/EmbedWeb.cmake
            ${PROJECT_SOURCE_DIR}/cmake/SlimWeb.cmake ${PROJECT_SOURCE_DIR}/cmake/JoinScripts.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
