#include "user_models/new_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <system_error>

#include "base/shell_word.h"

namespace delstep {
namespace {

void Replace(std::string& text, std::string_view mark, std::string_view name) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += name.size())
    text.replace(at, mark.size(), name);
}

std::string WithName(std::string_view text, const std::string& file) {
  std::string named(text);
  const std::string shell = ShellWord(file);
  Replace(named, "{shell}", shell);
  // The console knows double quotes only.
  Replace(named, "{console}", shell == file ? file : fmt::format("\"{}\"", file));
  return named;
}

}  // namespace

Result<void> WriteNewFile(const std::filesystem::path& file, std::string_view text,
                          std::string_view if_there) {
  const auto failed = [&](int code) {
    if (code == EEXIST)
      return Refused(fmt::format("'{}' is there already", file.string()), std::string(if_there));
    return BadFile(
        fmt::format("cannot write '{}': {}", file.string(), std::generic_category().message(code)));
  };
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return failed(errno);
  const std::string named = WithName(text, file.string());
  const ssize_t written = write(descriptor, named.data(), named.size());
  const int code = errno;
  close(descriptor);
  if (written >= 0 && static_cast<std::size_t>(written) == named.size()) return {};
  // Half a file would say at the next try that the file is there already.
  unlink(file.c_str());
  return failed(written < 0 ? code : ENOSPC);
}

}  // namespace delstep
