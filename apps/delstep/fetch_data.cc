#include "apps/delstep/fetch_data.h"

#include <unistd.h>

#include "apps/delstep/setup.h"
#include "base/beside_program.h"
#include "base/child_process.h"

namespace delstep {

Result<std::filesystem::path> FetchData() {
  const std::filesystem::path folder = UsualDataFolders().fetched;
  if (folder.empty())
    return Unavailable("there is no home folder to put data sets into",
                       "set HOME, or XDG_DATA_HOME, and try again");
  const std::filesystem::path script = BesideProgram(DELSTEP_FETCH_DATA);
  // Standard output belongs to the answer.
  DELSTEP_ASSIGN(const pid_t child, StartChild({script.string(), folder.string()},
                                               {.output = STDERR_FILENO, .error = STDERR_FILENO}));
  if (WaitForChild(child) != 0)
    return Unavailable("not every data set is there",
                       "what was missing stands above; another try goes on from there");
  return folder;
}

}  // namespace delstep
