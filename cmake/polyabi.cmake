# Helpers for the targets of this project.

set(POLYABI_WARNINGS -Wall -Wextra -Wconversion -Wshadow)

# polyabi_header_library(NAME DEPENDS...): an interface target polyabi::NAME with the header set under include/.
function(polyabi_header_library name)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/*.hpp)
  add_library(polyabi_${name} INTERFACE)
  add_library(polyabi::${name} ALIAS polyabi_${name})
  set_target_properties(polyabi_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(polyabi_${name} INTERFACE cxx_std_20)
  target_sources(polyabi_${name} INTERFACE FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  foreach(dependency IN LISTS ARGN)
    target_link_libraries(polyabi_${name} INTERFACE ${dependency})
  endforeach()
  install(TARGETS polyabi_${name} EXPORT polyabi-targets FILE_SET HEADERS)
endfunction()

# polyabi_test(NAME SOURCES files... [LINK targets...]): a Catch2 program, run by ctest as one test.
function(polyabi_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_compile_options(${name} PRIVATE ${POLYABI_WARNINGS})
  target_link_libraries(${name} PRIVATE Catch2::Catch2WithMain ${arg_LINK})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300) # they take seconds: one that hangs is to be seen soon
endfunction()

# polyabi_fuzz(NAME SOURCES files... [LINK targets...]): a libFuzzer program; its test runs for ten minutes (tests/fuzz.sh).
function(polyabi_fuzz name)
  if(NOT POLYABI_FUZZ OR NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_compile_options(${name} PRIVATE ${POLYABI_WARNINGS})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  add_test(NAME ${name} COMMAND ${PROJECT_SOURCE_DIR}/tests/fuzz.sh $<TARGET_FILE:${name}>)
  set_tests_properties(${name} PROPERTIES LABELS "soak;fuzz" TIMEOUT 900)
endfunction()

# A test that is worth being run under the address and undefined behaviour sanitizers always: unless the whole build is under some.
function(polyabi_sanitize name)
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    target_compile_options(${name} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all)
    target_link_options(${name} PRIVATE -fsanitize=address,undefined)
  endif()
endfunction()
