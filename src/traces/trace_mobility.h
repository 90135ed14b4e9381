#pragma once
/// Movement by a trace.
#include <memory>
#include <string>

#include "delstep/mobility.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "traces/tracks.h"

namespace delstep {

/// A mobility that goes by the tracks, read from `file`. Which node a track is of:
/// FindNodesOfIds() in node_ids.h. A node that the trace does not have is never there, and a note
/// tells how many these are. Threads: any number may ask at once. The errors are those of
/// FindNodesOfIds().
Result<std::unique_ptr<Mobility>> MakeTraceMobility(Trace trace, const NodesOptions& nodes,
                                                    const std::string& file);

}  // namespace delstep
