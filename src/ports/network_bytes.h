#pragma once
/// What goes through the network port as bytes: for the Save() of a backend, and for a checkpoint.
/// What is read is checked: a property or a time that cannot be makes the reader bad.
#include "base/bytes.h"
#include "delstep/network.h"

namespace delstep {

void Add(ByteWriter& writer, const LinkProperties& link);
void Add(ByteWriter& writer, const Message& message);
void Add(ByteWriter& writer, const Outcome& outcome);

LinkProperties ReadLink(ByteReader& reader);
/// `nodes`: ids are below it. From and to differ.
Message ReadMessage(ByteReader& reader, std::size_t nodes);
Outcome ReadOutcome(ByteReader& reader, std::size_t nodes);

/// The same numbers as in memory; a NodeId or MessageId is its number.
inline void Add(ByteWriter& writer, SimTime time) { writer.Add(time.time_since_epoch().count()); }
SimTime ReadTime(ByteReader& reader);  ///< not before 0
NodeId ReadNode(ByteReader& reader, std::size_t nodes);

}  // namespace delstep
