# What every target is built with, and the functions that CMakeLists.txt speaks in.

add_library(tj_flags INTERFACE)
target_include_directories(tj_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/made)
target_compile_definitions(tj_flags INTERFACE _GNU_SOURCE TJ_VERSION="${PROJECT_VERSION}")
target_compile_options(tj_flags INTERFACE
	-Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow
	-Wcast-qual -Wswitch-enum -Wvla -Wnull-dereference -Wstrict-prototypes
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wformat=2
	-ffp-contract=off -fno-math-errno
	-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=
	-fstack-protector-strong -fstack-clash-protection -fno-common)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
	target_compile_options(tj_flags INTERFACE -Wlogical-op -Wduplicated-branches
		-Wduplicated-cond)
endif()
if(TJ_SANITIZE)
	# -O1: half the time of -O0, and all that the sanitizers look at is still there.
	target_compile_options(tj_flags INTERFACE -fsanitize=address,undefined
		-fno-sanitize-recover=all -fno-omit-frame-pointer $<$<CONFIG:Debug>:-O1>)
	target_link_options(tj_flags INTERFACE -fsanitize=address,undefined)
else()
	target_compile_options(tj_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
if(TJ_FUZZ)
	# On the libraries too, or the fuzzer is blind.
	target_compile_options(tj_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_options(tj_flags INTERFACE -Wl,-z,relro,-z,now)

# tj_layer(NAME DIR folder [MAY_USE layer…] [LIBS library…])
# One static library per layer.  Tests: its sources include only its own headers
# and those of the layers named; the whole archive links against nothing else.
function(tj_layer NAME)
	cmake_parse_arguments(L "" "DIR" "MAY_USE;LIBS" ${ARGN})
	file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${L_DIR}/*.c)
	file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${L_DIR}/*.h
		${CMAKE_SOURCE_DIR}/${L_DIR}/port/*.h)
	list(FILTER sources EXCLUDE REGEX "/engine/cli/main\\.c$")
	add_library(tj_${NAME} STATIC ${sources})
	target_sources(tj_${NAME} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}
		FILES ${headers})
	set_target_properties(tj_${NAME} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
	list(TRANSFORM L_MAY_USE PREPEND tj_ OUTPUT_VARIABLE below)
	target_link_libraries(tj_${NAME} PUBLIC tj_flags ${below} PRIVATE ${L_LIBS})
	set(TJ_LAYER_DIR_${NAME} ${L_DIR} CACHE INTERNAL "")
	if(NOT BUILD_TESTING)
		return()
	endif()
	set(dirs)
	foreach(used ${L_MAY_USE})
		list(APPEND dirs ${TJ_LAYER_DIR_${used}})
	endforeach()
	add_test(NAME lint.includes.${NAME}
		COMMAND sh ${CMAKE_SOURCE_DIR}/tests/lint/includes.sh
			${CMAKE_SOURCE_DIR} ${L_DIR} ${dirs})
	add_executable(link_${NAME} ${CMAKE_SOURCE_DIR}/tests/lint/nothing.c)
	target_link_libraries(link_${NAME} PRIVATE tj_flags
		-Wl,--whole-archive $<TARGET_FILE:tj_${NAME}> -Wl,--no-whole-archive
		${below} ${L_LIBS})
	add_dependencies(link_${NAME} tj_${NAME})
	add_test(NAME lint.link.${NAME} COMMAND link_${NAME})
endfunction()

# tj_builtin(LAYER): the files of LAYER/{templates,profiles,factors,openapi,web} as one C table.
function(tj_builtin LAYER)
	set(dir ${CMAKE_SOURCE_DIR}/${LAYER})
	file(GLOB files CONFIGURE_DEPENDS ${dir}/templates/*.xml ${dir}/profiles/*.conf
		${dir}/factors/*.csv ${dir}/openapi/*.json ${dir}/web/*)
	set(made ${CMAKE_BINARY_DIR}/made/builtin_table.c)
	add_custom_command(OUTPUT ${made}
		COMMAND sh ${CMAKE_SOURCE_DIR}/tests/embed.sh ${made} ${files}
		DEPENDS ${files} ${CMAKE_SOURCE_DIR}/tests/embed.sh VERBATIM)
	target_sources(tj_${LAYER} PRIVATE ${made})
	# Long literals are more than C17 promises, and every compiler here takes them.
	set_source_files_properties(${made} PROPERTIES COMPILE_OPTIONS
		"-Wno-overlength-strings;-Wno-missing-variable-declarations")
endfunction()

# tj_manual(PROGRAM): man pages and completion written by the program itself.
function(tj_manual PROGRAM)
	if(TJ_FUZZ)
		return()
	endif()
	set(out ${CMAKE_BINARY_DIR}/manual)
	add_custom_command(OUTPUT ${out}/stamp
		COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
		COMMAND ${PROGRAM} help --write-manual ${out}
		COMMAND ${CMAKE_COMMAND} -E touch ${out}/stamp
		DEPENDS ${PROGRAM} VERBATIM)
	add_custom_target(manual ALL DEPENDS ${out}/stamp)
	install(DIRECTORY ${out}/man1 ${out}/zh_CN DESTINATION ${CMAKE_INSTALL_MANDIR})
	install(FILES ${out}/tanji.bash
		DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tanji)
endfunction()
