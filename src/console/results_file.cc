#include "console/results_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

constexpr std::array kEndings = {
    std::pair{".csv", ResultsFormat::kCsv}, std::pair{".tsv", ResultsFormat::kTsv},
    std::pair{".jsonl", ResultsFormat::kJsonLines}, std::pair{".json", ResultsFormat::kJson}};

std::string TableText(std::span<const LogEntry> entries, char separator) {
  std::string text =
      fmt::format("{}\n", fmt::join(std::array{"CYCLE", "TYPE", "NODE", "SCOPE", "LOSS", "ACC"},
                                    std::string(1, separator)));
  for (const LogEntry& e : entries)
    if (e.is_result)
      text += fmt::format("{1}{0}RESULT{0}{2}{0}{3}{0}{4:.4f}{0}{5:.4f}\n", separator, e.cycle,
                          CsvField(e.node), CsvField(e.scope), e.loss, e.accuracy);
  return text;
}

std::string JsonRows(std::span<const LogEntry> entries, std::string_view separator) {
  std::string text;
  for (const LogEntry& e : entries)
    if (e.is_result)
      text += fmt::format(
          R"({}{{"cycle":{},"type":"RESULT","node":{},"scope":{},"loss":{},"accuracy":{}}})",
          text.empty() ? "" : separator, e.cycle, JsonString(e.node), JsonString(e.scope),
          JsonNumber(e.loss), JsonNumber(e.accuracy));
  return text;
}

Error CannotWrite(const std::string& path) {
  return BadFile(fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
}

/// A file that is removed again unless it was renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path) : name_(path + ".XXXXXX") {
    descriptor_ = mkostemp(name_.data(), O_CLOEXEC);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (descriptor_ >= 0 && !kept_) unlink(name_.c_str());
  }

  bool is_open() const { return descriptor_ >= 0; }

  bool Write(std::string_view text, mode_t mode) {
    while (!text.empty()) {
      const ssize_t written = write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return fchmod(descriptor_, mode) == 0 && fsync(descriptor_) == 0;
  }

  bool RenameTo(const std::string& path) {
    kept_ = rename(name_.c_str(), path.c_str()) == 0;
    return kept_;
  }

 private:
  std::string name_;
  int descriptor_ = -1;
  bool kept_ = false;
};

/// That of the file to be replaced, else what a new file gets.
mode_t ModeFor(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) return status.st_mode & 0777;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

std::string FormatLogEntry(const LogEntry& entry) {
  if (entry.is_result)
    return fmt::format("{}\tRESULT\t{}\t{}\t{:.4f}\t{:.4f}", entry.cycle, entry.node, entry.scope,
                       entry.loss, entry.accuracy);
  return fmt::format("{}\tCOMMAND\t{}\t[{}]", entry.cycle, entry.ok ? "OK" : "ER", entry.text);
}

Result<ResultsFormat> ResultsFormatOf(std::string_view path) {
  std::string known;
  for (const auto& [ending, format] : kEndings) {
    if (path.ends_with(ending) && path.size() > std::strlen(ending)) return format;
    known += (known.empty() ? "" : ", ") + std::string(ending);
  }
  return Misused(fmt::format("cannot tell the format of '{}' by its ending", path),
                 "endings are: " + known);
}

Result<const WriteGraph*> FindGraphWriter(const Registry& registry, const Word& file) {
  std::vector<std::string> endings;
  for (const auto& writer : registry.graph_writers.entries()) {
    if (file.text.ends_with(writer.name) && writer.make) return &writer.make;
    endings.push_back(writer.name);
  }
  return At(file, Misused(fmt::format("cannot tell the format of '{}' by its ending", file.text),
                          "endings are: " + Join(endings, ", ")));
}

std::string ResultsText(ResultsFormat format, std::span<const LogEntry> entries) {
  switch (format) {
    case ResultsFormat::kTsv:
      return TableText(entries, '\t');
    case ResultsFormat::kJsonLines: {
      const std::string rows = JsonRows(entries, "\n");
      return rows.empty() ? rows : rows + '\n';
    }
    case ResultsFormat::kJson:
      return '[' + JsonRows(entries, ",\n ") + "]\n";
    case ResultsFormat::kCsv:
      break;
  }
  return TableText(entries, ',');
}

Result<void> ReplaceFile(const std::string& path, std::string_view text) {
  std::error_code error;
  const auto target = std::filesystem::weakly_canonical(path, error);  // through symbolic links
  const std::string place = error ? path : target.string();
  if (std::filesystem::is_directory(place, error))
    return BadFile(fmt::format("cannot write '{}': it is a folder", path));
  TemporaryFile file(place);
  if (!file.is_open() || !file.Write(text, ModeFor(place)) || !file.RenameTo(place))
    return CannotWrite(path);
  return {};
}

}  // namespace delstep
