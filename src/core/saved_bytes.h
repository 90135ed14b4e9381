#pragma once
/// The bytes of a saved state, which refer to rows wherever these lie.
#include <memory>
#include <string>
#include <vector>

#include "core/cluster/cluster.h"
#include "core/world/row.h"
#include "delstep/saved_state.h"

namespace delstep {

/// `head`, then each of the rows with its length. `cluster`: null where the run has one process.
std::shared_ptr<const SavedBytes> MakeSavedBytes(std::string head, std::vector<Row> rows,
                                                 std::shared_ptr<Cluster> cluster);

}  // namespace delstep
