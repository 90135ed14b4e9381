#include "data/find_files.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> Roots(const WantedFiles& wanted, const fs::path& path,
                            const DataFolders& usual) {
  if (!path.empty()) return {path, path / wanted.name};
  std::vector<fs::path> roots;
  if (!usual.own.empty()) roots = {usual.own / wanted.name, usual.own};
  if (!usual.fetched.empty()) roots.push_back(usual.fetched / wanted.name);
  for (const fs::path& folder : usual.shared) roots.push_back(folder / wanted.name);
  return roots;
}

/// Each root, and after it the subfolders that may lie in it.
std::vector<fs::path> Folders(const WantedFiles& wanted, const std::vector<fs::path>& roots) {
  std::vector<fs::path> folders;
  for (const fs::path& root : roots) {
    folders.push_back(root);
    for (const std::string& below : wanted.subfolders) folders.push_back(root / below);
  }
  return folders;
}

std::string DescribeFolder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  const char* note = "";
  if (status.type() == fs::file_type::not_found) {
    note = " (no such folder)";
  } else if (status.type() == fs::file_type::none) {
    note = " (no permission to look)";
  } else if (!fs::is_directory(status)) {
    note = " (not a folder)";
  }
  return fmt::format("'{}'{}", folder.string(), note);
}

/// What to do where the first folder is none, or holds the data set in a form that is not read.
std::string HintFor(const std::vector<fs::path>& roots) {
  std::error_code ignored;
  if (!roots.empty() && fs::is_regular_file(roots.front(), ignored)) {
    const fs::path file = fs::absolute(roots.front(), ignored);
    return fmt::format("data.path is the folder that holds the files, not one of them: '{}'",
                       file.parent_path().string());
  }
  for (const fs::path& folder : roots)
    for (const char* pickles : {"cifar-10-batches-py", "cifar-100-python", "data_batch_1"})
      if (fs::exists(folder / pickles, ignored))
        return fmt::format(
            "'{}' is the Python version, which only Python can read: fetch the "
            "binary version",
            (folder / pickles).string());
  return "set data.path or $DELSTEP_DATA to the folder that holds them (`delstep "
         "setup` fetches those of MNIST and Fashion-MNIST)";
}

Error NotFound(const WantedFiles& wanted, const std::vector<fs::path>& roots) {
  std::vector<std::string> looked;
  for (const fs::path& root : roots) looked.push_back(DescribeFolder(root));
  return BadFile(
      fmt::format("no files of data set '{}' ({}) found{}", wanted.name, Join(wanted.files, ", "),
                  looked.empty() ? "" : " in " + Join(looked, ", ")),
      HintFor(roots));
}

}  // namespace

std::optional<fs::path> FindFile(const fs::path& folder, const std::string& name) {
  std::vector<std::string> names = {name};
  if (const std::size_t idx = name.find("-idx"); idx != name.npos)
    // Some archives write "train-images.idx3-ubyte".
    names.push_back(std::string(name).replace(idx, 1, "."));
  for (const std::string& known : names) {
    for (const char* const ending : {"", ".gz"}) {
      fs::path file = folder / (known + ending);
      std::error_code ignored;
      if (fs::exists(file, ignored)) return file;
    }
  }
  return std::nullopt;
}

Result<std::vector<fs::path>> FindFiles(const WantedFiles& wanted, const fs::path& path,
                                        const DataFolders& usual) {
  const std::vector<fs::path> roots = Roots(wanted, path, usual);
  const std::vector<fs::path> folders = Folders(wanted, roots);
  for (const fs::path& folder : folders) {
    std::vector<fs::path> found;
    std::vector<std::string> missing;
    for (const std::string& name : wanted.files) {
      if (auto file = FindFile(folder, name)) {
        found.push_back(*std::move(file));
      } else {
        missing.push_back(name);
      }
    }
    if (missing.empty()) return found;
    // Only a folder with none of the files is passed over: half a data set is told, not searched
    // on.
    if (found.empty()) continue;
    return BadFile(fmt::format("folder '{}' holds only a part of data set '{}': {} missing",
                               folder.string(), wanted.name, Join(missing, ", ")),
                   "copy the rest there (.gz will do); `delstep setup` fetches MNIST and "
                   "Fashion-MNIST");
  }
  return NotFound(wanted, roots);
}

}  // namespace delstep
