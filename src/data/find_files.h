#pragma once
/// Where the files of a published data set are looked for.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// A published data set, for the search.
struct WantedFiles {
  std::string name;                     ///< of the data set and of its folder
  std::vector<std::string> subfolders;  ///< that its archive unpacks to: "cifar-10-batches-bin"
  std::vector<std::string> files;       ///< the usual names, without ".gz"
};

/// The wanted files, in their order, each plain or compressed (".gz"), all in one folder: the first
/// of these that holds any of them. `path`, `path/NAME` and no others if `path` is given, else the
/// `usual` ones; after each of them its subfolders. Where MNIST's relatives write "-idx" in a name,
/// ".idx" is known too.
///
/// Errors (kFile): no folder holds one, a folder holds some but not all; the message lists the
/// files that are wanted and the folders.
Result<std::vector<std::filesystem::path>> FindFiles(const WantedFiles& wanted,
                                                     const std::filesystem::path& path,
                                                     const DataFolders& usual);

/// The file of this name, plain or compressed.
std::optional<std::filesystem::path> FindFile(const std::filesystem::path& folder,
                                              const std::string& name);

}  // namespace delstep
