#pragma once
/// The built-in parts: the one place that names them all.
#include <filesystem>

#include "delstep/registry.h"

namespace delstep {

/// `data_folder` is where the set-up put data sets, each in a folder of its name. Parts that this
/// build lacks, or that are not written yet, are entered as absent: choosing one is kUnavailable.
Registry MakeRegistry(const std::filesystem::path& data_folder);

}  // namespace delstep
