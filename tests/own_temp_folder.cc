// Linked into every test program. testing::TempDir() is a folder that this process has for itself,
// and that goes with it: ctest runs the tests of a program at the same time, and the project may be
// tested in two places at once, so a name under /tmp is not a name of one's own.
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace {

class OwnTempFolder {
 public:
  OwnTempFolder() {
    std::string name = std::filesystem::temp_directory_path() / "delstep-test-XXXXXX";
    if (!mkdtemp(name.data())) return;
    folder_ = name;
    setenv("TEST_TMPDIR", (name + "/").c_str(), 1);
  }
  // A child of a death test is not the one that made it.
  ~OwnTempFolder() {
    std::error_code ignored;
    if (!folder_.empty() && getpid() == owner_) std::filesystem::remove_all(folder_, ignored);
  }
  OwnTempFolder(const OwnTempFolder&) = delete;
  OwnTempFolder& operator=(const OwnTempFolder&) = delete;

 private:
  const pid_t owner_ = getpid();
  std::filesystem::path folder_;
};

const OwnTempFolder own_temp_folder;

}  // namespace
