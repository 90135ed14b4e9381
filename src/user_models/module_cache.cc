#include "user_models/module_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/hash.h"
#include "base/run_program.h"
#include "base/text.h"
#include "user_models/dependencies.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

Error CannotWrite(const fs::path& path, const std::error_code& failed) {
  return BadFile(fmt::format("cannot write the cache of compiled C++ files, {}: {}", path.string(),
                             failed.message()),
                 "name another folder by XDG_CACHE_HOME");
}

constexpr std::string_view kScratch = "compiling-";

/// A folder that nobody else has locked meanwhile; the lock goes with this, or with the process.
class FolderLock {
 public:
  enum Patience : int { kWait = 0, kTry = LOCK_NB };
  FolderLock(const fs::path& folder, Patience patience)
      : descriptor_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
        held_(descriptor_ >= 0 && flock(descriptor_, LOCK_EX | patience) == 0) {}
  FolderLock(FolderLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), held_(other.held_) {}
  ~FolderLock() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  bool held() const { return held_; }

 private:
  int descriptor_;
  bool held_;
};

/// A new folder that goes with this. It is locked as long, so that one which a run has left behind,
/// since it was killed, is told from one in use.
class ScratchFolder {
 public:
  static Result<ScratchFolder> Create(const fs::path& parent) {
    std::error_code failed;
    fs::create_directories(parent, failed);
    if (failed) return CannotWrite(parent, failed);
    // Nobody takes a new folder for an old one before it is locked.
    const FolderLock making(parent, FolderLock::kWait);
    std::string name = parent / fmt::format("{}XXXXXX", kScratch);
    if (mkdtemp(name.data()) == nullptr)
      return CannotWrite(parent, std::error_code(errno, std::generic_category()));
    return ScratchFolder(name);
  }
  ScratchFolder(ScratchFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)), lock_(path_, FolderLock::kTry) {}
  fs::path path_;
  FolderLock lock_;
};

/// Those of runs that were killed. Where nothing can be locked, nothing is removed.
void RemoveLeftFolders(const fs::path& cache) {
  const FolderLock making(cache, FolderLock::kWait);
  if (!making.held()) return;
  std::error_code failed;
  std::vector<fs::path> left;
  for (fs::directory_iterator i(cache, failed), end; !failed && i != end; i.increment(failed))
    if (i->path().filename().string().starts_with(kScratch)) left.push_back(i->path());
  for (const fs::path& folder : left)
    if (FolderLock(folder, FolderLock::kTry).held()) fs::remove_all(folder, failed);
}

/// Where the cache keeps a file compiled in a way.
class Entry {
 public:
  Entry(const fs::path& source, const Toolchain& toolchain, const fs::path& cache) : cache_(cache) {
    std::error_code failed;
    const fs::path file = fs::absolute(source, failed).lexically_normal();
    std::string way = file.string() + '\0' + toolchain.compiler + '\0' + toolchain.libtorch;
    for (const auto* words : {&toolchain.flags, &toolchain.libraries})
      for (const std::string& word : *words) way += '\0' + word;
    key_ = HexHash(HashText(way));
  }

  /// The library, if it is there and what it was compiled from is as it was.
  std::optional<fs::path> Find() const {
    const auto content = Content();
    return content ? std::optional(LibraryPath(*content)) : std::nullopt;
  }

  /// A hash of what it was compiled from, likewise.
  std::optional<std::string> Content() const {
    const auto list = ReadFile(ListPath());
    if (!list) return std::nullopt;
    std::vector<std::string> files;
    for (const std::string_view file : Split(*list, '\n'))
      if (!file.empty()) files.emplace_back(file);
    const auto content = HashFiles(files);
    std::error_code failed;
    return content && fs::exists(LibraryPath(*content), failed) ? content : std::nullopt;
  }

  /// Moves a library in that was compiled from these files in the folder `scratch`.
  Result<fs::path> Put(const fs::path& library, const std::vector<std::string>& files,
                       const std::string& content, const fs::path& scratch) const {
    std::error_code failed;
    fs::rename(library, LibraryPath(content), failed);
    if (failed) return CannotWrite(LibraryPath(content), failed);
    const fs::path list = scratch / "files";
    std::ofstream(list) << Join(files, "\n") << '\n';
    fs::rename(list, ListPath(), failed);
    if (failed) return CannotWrite(ListPath(), failed);
    return LibraryPath(content);
  }

 private:
  fs::path ListPath() const { return cache_ / (key_ + ".files"); }
  fs::path LibraryPath(const std::string& content) const {
    return cache_ / (key_ + '-' + content + ".so");
  }

  fs::path cache_;
  std::string key_;
};

/// The files of the rule; nothing if one of them was written while the compiler ran.
std::optional<std::vector<std::string>> CompiledFrom(const fs::path& rule, fs::file_time_type begun,
                                                     fs::file_time_type ended) {
  const auto written_rule = ReadFile(rule);
  std::vector<std::string> files;
  for (const std::string& file : ParseDependencies(written_rule ? *written_rule : "")) {
    std::error_code failed;
    files.push_back(fs::absolute(file, failed).lexically_normal().string());
    const auto written = fs::last_write_time(files.back(), failed);
    if (failed || (begun <= written && written <= ended)) return std::nullopt;
  }
  return files;
}

std::vector<std::string> CompilerWords(const Toolchain& toolchain, const std::string& source,
                                       const fs::path& library, const fs::path& rule) {
  std::vector<std::string> words = {toolchain.compiler};
  words.insert(words.end(), toolchain.flags.begin(), toolchain.flags.end());
  // Told which language it is: not every compiler takes my_rule.Cpp for C++.
  words.insert(words.end(), {"-MMD", "-MF", rule.string(), "-o", library.string(), "-x", "c++",
                             source.starts_with('-') ? "./" + source : source});
  // What follows is none, and clang warns where nothing does.
  if (!toolchain.libraries.empty()) words.insert(words.end(), {"-x", "none"});
  words.insert(words.end(), toolchain.libraries.begin(), toolchain.libraries.end());
  return words;
}

}  // namespace

fs::path ModuleCacheFolder() {
  const auto set = [](const char* variable) {
    const char* value = std::getenv(variable);
    return fs::path(value == nullptr ? "" : value);
  };
  if (const fs::path cache = set("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "delstep";
  if (const fs::path home = set("HOME"); home.is_absolute()) return home / ".cache/delstep";
  std::error_code failed;
  return fs::temp_directory_path(failed) / fmt::format("delstep-{}", getuid());
}

Result<fs::path> CompileModule(const fs::path& source, const Toolchain& toolchain,
                               const fs::path& cache, const Say& say) {
  std::error_code failed;
  const std::string name = source.string();
  if (!fs::is_regular_file(source, failed) || access(source.c_str(), R_OK) != 0)
    return BadFile(fmt::format("cannot read the {} '{}': {}", toolchain.kind, name,
                               fs::is_directory(source, failed) ? "it is a folder"
                                                                : OpenFailure(source, errno)),
                   fmt::format("'{}' writes one to begin with", toolchain.to_begin));
  RemoveLeftFolders(cache);
  const Entry entry(source, toolchain, cache);
  if (auto found = entry.Find()) return *found;
  DELSTEP_TRY(CheckToolchain(toolchain));
  DELSTEP_ASSIGN(const ScratchFolder scratch, ScratchFolder::Create(cache));

  if (say) say(fmt::format("delstep: compiling {} ...\n", name));
  const fs::path library = scratch.path() / "module.so", rule = scratch.path() / "rule";
  const auto begun = fs::file_time_type::clock::now();
  auto ran = RunProgram(CompilerWords(toolchain, name, library, rule), scratch.path());
  if (!ran && ran.error().code == ErrorCode::kInterrupted)
    return Error{ErrorCode::kInterrupted, fmt::format("stopped while '{}' was compiled", name)};
  DELSTEP_ASSIGN(const ProgramEnd end, std::move(ran));
  const auto ended = fs::file_time_type::clock::now();
  if (end.status != 0)
    return BadFile(fmt::format("'{}' does not compile:\n{}{} ended with {}", name, end.output,
                               toolchain.compiler, end.status));
  if (say)
    say(fmt::format("{}delstep: compiled {} in {:.1f} s\n", end.output, name,
                    std::chrono::duration<double>(ended - begun).count()));
  const auto files = CompiledFrom(rule, begun, ended);
  const auto content = files ? HashFiles(*files) : std::nullopt;
  if (!content)
    return BadFile(
        fmt::format("'{}' or a file that it includes changed while it was compiled", name),
        "run it again");
  return entry.Put(library, *files, *content, scratch.path());
}

std::optional<std::string> CompiledContent(const fs::path& source, const Toolchain& toolchain,
                                           const fs::path& cache) {
  return Entry(source, toolchain, cache).Content();
}

std::optional<std::uint64_t> HashOfSource(const std::string& source) {
  for (const auto* toolchain : {&AggregatorToolchain(), &BehaviourToolchain(), &BuildToolchain()})
    if (const auto content = CompiledContent(source, *toolchain, ModuleCacheFolder()))
      return HashText(*content);
  return std::nullopt;
}

}  // namespace delstep
