#pragma once
/// `delstep setup`: fetches the data sets that most scenarios use.
#include <filesystem>

#include "delstep/result.h"

namespace delstep {

/// Fetches MNIST and Fashion-MNIST into the folder for data sets (UsualDataFolders()), unless they are
/// there already, and returns that folder. What it does and what is missing is said on standard error
/// by the script that does it, tools/fetch_data.sh.
///
/// Errors: kUnavailable, where not everything could be fetched or there is no home folder. What is
/// there is complete: a second try goes on.
Result<std::filesystem::path> FetchData();

}  // namespace delstep
