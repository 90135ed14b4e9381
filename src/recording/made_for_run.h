#pragma once
#include <filesystem>
#include <utility>
#include <vector>

namespace delstep {

/// Removes again what was made for a run that could not begin: the next try would find a run. Only
/// what this one made: another run may have begun in the same folder. What cannot be removed stays,
/// without a word: the error that is told is the one why the run could not begin.
class MadeForRun {
 public:
  /// Before the folder is made. Its parents that are not there yet count as made, too.
  explicit MadeForRun(const std::filesystem::path& folder);
  MadeForRun(const MadeForRun&) = delete;
  MadeForRun& operator=(const MadeForRun&) = delete;
  ~MadeForRun();

  /// A file was made.
  void Add(std::filesystem::path file) { files_.push_back(std::move(file)); }
  /// The run begins: nothing is removed.
  void Keep() { kept_ = true; }

 private:
  std::vector<std::filesystem::path> folders_, files_;
  bool kept_ = false;
};

}  // namespace delstep
