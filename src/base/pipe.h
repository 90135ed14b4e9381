#pragma once
/// Reading what may keep one waiting: a pipe, a terminal, a device.
#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>

#include "delstep/result.h"

namespace delstep {

/// It is there, and neither a file nor a folder: its content comes once, and when others write it.
bool IsPipe(const std::filesystem::path& path);

/// It is what standard input reads, under another name: /dev/stdin, /dev/fd/0, the terminal.
bool IsStandardInput(const std::filesystem::path& path);

/// All bytes to the end. Of a named pipe (`mkfifo`) that nobody has opened for writing yet, the wait
/// begins here. Errors: kFile if it cannot be read or brings more than `most` bytes; kInterrupted
/// after a stop.
Result<std::string> ReadPipe(const std::filesystem::path& path, std::size_t most,
                             std::stop_token stop);

}  // namespace delstep
