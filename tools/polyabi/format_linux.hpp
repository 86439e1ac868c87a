// What Linux' tables do not say about arguments and results, as strace shows them. One small source file a subject.
#pragma once

#include "trace_description.hpp"

namespace polyabi::tool::linux_formats {

std::span<const refinement> file_arguments(); ///< format_linux_files.cpp
std::span<const result_refinement> file_results();
std::span<const refinement> process_arguments(); ///< format_linux_processes.cpp
std::span<const refinement> waiting_arguments(); ///< format_linux_waiting.cpp
std::span<const result_refinement> waiting_results();
std::span<const refinement> system_arguments(); ///< format_linux_system.cpp
std::span<const refinement> socket_arguments(); ///< format_linux_sockets.cpp

/// All of them.
refinements all();

} // namespace polyabi::tool::linux_formats
