#pragma once
/// What a member (core/member.h) computes with its rows, by the functions of core/engine/compute.h.
/// The orders are as core/engine/compute_everywhere.cc writes them: `items` pieces, one after the
/// other, and the numbers under which the rows of the results are kept. Returned is what goes back
/// to the leader.
///
/// An order that cannot be read is a fault of the program.
/// Threads: the caller, and one more while a training or a test runs.
#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "cluster/processes.h"
#include "core/engine/engine.h"
#include "core/member_lists.h"
#include "core/member_rows.h"
#include "delstep/result.h"

namespace delstep {

/// Work::kInitialise. Errors: those of InitialRows().
Result<std::string> InitialiseInMember(Engine& engine, MemberRows& rows, std::size_t items,
                                       ByteReader& reader);
/// Work::kTrain and Work::kEvaluate: each piece has a result of its own, which may be a failure.
/// Meanwhile the leader may send Work::kStop.
std::string TrainInMember(Engine& engine, Processes& processes, MemberRows& rows,
                          const MemberLists& lists, std::size_t items, ByteReader& reader);
std::string EvaluateInMember(Engine& engine, Processes& processes, const MemberRows& rows,
                             const MemberLists& lists, std::size_t items, ByteReader& reader);
/// Work::kSum. Errors: those of SumRows().
Result<std::string> SumInMember(Engine& engine, MemberRows& rows, std::size_t items,
                                ByteReader& reader);
/// Work::kRule: an answer for each piece, as the rule may refuse one node and not another. Errors:
/// those of AskRule().
Result<std::string> AskRulesInMember(Engine& engine, MemberRows& rows, std::size_t items,
                                     ByteReader& reader);

}  // namespace delstep
