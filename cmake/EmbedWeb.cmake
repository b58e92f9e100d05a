# Writes OUT, a C++ file that holds every file of FOLDER, slim, plain and compressed, below an address
# that carries the hash of all of them. The style sheets become one, in the order in which the
# document names them, and so do the scripts. Run by mutirao_embed_web.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/SlimWeb.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/JoinScripts.cmake)

file(GLOB_RECURSE names RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT names)
set(hashes "")
foreach(name IN LISTS names)
  file(SHA256 ${FOLDER}/${name} hash)
  string(APPEND hashes "${name} ${hash}\n")
endforeach()
string(SHA256 bundle "${hashes}")
string(SUBSTRING ${bundle} 0 12 bundle)
set(assets "/assets/${bundle}")

set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(count 0)
set(data "")
set(symbols "")
set(table "")

# The compressed bytes without the time that stands in them, so that they follow from the file alone.
function(embed name source path)
  set(zipped ${WORK}/${count}.gz)
  file(ARCHIVE_CREATE OUTPUT ${zipped} PATHS ${source} FORMAT raw COMPRESSION GZip
       COMPRESSION_LEVEL 9)
  file(SIZE ${source} plain_size)
  file(SIZE ${zipped} zipped_size)
  file(SHA256 ${source} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  string(REGEX MATCH "[a-z]+$" ending ${name})
  set(type "${type_${ending}}")
  if(NOT type)
    message(FATAL_ERROR "web/${name}: no content type is known for this ending")
  endif()
  string(APPEND data
    "plain_${count}: .incbin \\\"${source}\\\"\\n\"\n    \""
    "zipped_${count}: .incbin \\\"${zipped}\\\", 0, 4\\n .long 0\\n"
    " .incbin \\\"${zipped}\\\", 8\\n\"\n    \"")
  string(APPEND symbols
    "extern __attribute__((visibility(\"hidden\"))) const char plain_${count}[];\n"
    "extern __attribute__((visibility(\"hidden\"))) const char zipped_${count}[];\n")
  string(APPEND table
    "      {\"${path}\", \"${type}\", {plain_${count}, ${plain_size}}, "
    "{zipped_${count}, ${zipped_size}}, \"${hash}\"},\n")
  math(EXPR count "${count} + 1")
  set(count ${count} PARENT_SCOPE)
  set(data "${data}" PARENT_SCOPE)
  set(symbols "${symbols}" PARENT_SCOPE)
  set(table "${table}" PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY ${WORK})
file(READ ${FOLDER}/index.html index)
set(link "<link rel=\"stylesheet\" href=\"@assets@/([^\"]+)\">\n")
string(REGEX MATCHALL "${link}" links "${index}")
set(styles "")
foreach(one IN LISTS links)
  string(REGEX REPLACE "${link}" "\\1" name "${one}")
  file(READ ${FOLDER}/${name} style)
  string(APPEND styles "${style}")
endforeach()
file(WRITE ${WORK}/styles.css "${styles}")
slim(css ${WORK}/styles.css ${WORK}/page.css)
list(POP_FRONT links first)
foreach(one IN LISTS links)
  string(REPLACE "${one}" "" index "${index}")
endforeach()
string(REGEX REPLACE "${link}" "<link rel=\"stylesheet\" href=\"@assets@/page.css\">\n" index "${index}")
string(REPLACE "@assets@/js/main.js" "@assets@/page.js" index "${index}")
string(REPLACE "@assets@" "${assets}" index "${index}")
file(WRITE ${WORK}/index.html "${index}")

file(REMOVE_RECURSE ${WORK}/slim)
foreach(name IN LISTS names)
  if(name MATCHES "\\.js$")
    slim(js ${FOLDER}/${name} ${WORK}/slim/${name})
  endif()
endforeach()
join_scripts(${WORK}/slim/js main.js ahead.js ${WORK}/page.js)

embed(index.html ${WORK}/index.html "/")
embed(page.css ${WORK}/page.css "${assets}/page.css")
embed(page.js ${WORK}/page.js "${assets}/page.js")
embed(ahead.js ${WORK}/slim/js/ahead.js "${assets}/js/ahead.js")
foreach(name IN LISTS names)
  if(NOT name MATCHES "^index\\.html$|\\.(css|js)$")
    embed(${name} ${FOLDER}/${name} "${assets}/${name}")
  endif()
endforeach()

file(WRITE ${OUT}
  "#include \"http/web/bundle.hpp\"\n\n#include <array>\n\n"
  "asm(\".pushsection .rodata\\n\"\n    \"${data}.popsection\\n\");\n\n"
  "extern \"C\" {\n${symbols}}\n\nnamespace mutirao::http::web {\n\n"
  "std::span<const file> bundle() {\n  static const std::array<file, ${count}> files{{\n${table}  }};\n"
  "  return files;\n}\n\n}  // namespace mutirao::http::web\n")
