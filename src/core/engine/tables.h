#pragma once
/// The tables of nodes that settings name: compute.file, and churn.file where churn.name is "trace".
///
/// Such a file is read when the run takes the setting, and its text is a part of the scenario from then
/// on (ComputeOptions::table). So moments and checkpoints have it, the hash of the world covers it, and
/// nobody who goes back or goes on needs the file.
#include <string_view>

#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

bool NeedsComputeTable(const Scenario& scenario);
bool NeedsChurnTable(const Scenario& scenario);

/// `scenario` gets what its files hold. Where `before` is not null, `scenario` differs from it in `key`
/// alone: files that another key names are not read again, whatever they hold now.
/// Errors, about the key: kFile.
Result<void> TakeTables(Scenario& scenario, const Scenario* before = nullptr,
                        std::string_view key = {});

/// Whether tables that both took from files of the same names are the same.
bool HaveSameTables(const Scenario& a, const Scenario& b);

}  // namespace delstep
