#pragma once
/// Event files of TensorBoard: scalars that its page draws as curves.
///
/// An event file is a sequence of records (TFRecord): the length of the data as 8 bytes, its masked
/// checksum, the data, their masked checksum; all numbers little-endian. The data are a protocol
/// buffer, `Event` of tensorflow/core/util/event.proto, of which these fields are written:
///
///     double wall_time = 1;  int64 step = 2;
///     string file_version = 3;                        // of the first record alone: "brain.Event:2"
///     Summary summary = 5;                            // else
///     Summary { repeated Value value = 1; }
///     Value { string tag = 1; float simple_value = 2; }
///
/// All functions are pure: equal runs write equal bytes. So wall_time is the *simulated* time, and the
/// name of the file has neither a time nor the name of the machine.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recording/metrics.h"

namespace delstep {

/// In the folder of a run. TensorBoard reads files that have "tfevents" in their names.
constexpr std::string_view kTensorboardFolder = "tb";
constexpr std::string_view kTensorboardFile = "events.out.tfevents.0.delstep";

/// CRC-32C (Castagnoli), as RFC 3720 appendix B.4 has it: 0xE3069283 of "123456789".
std::uint32_t Crc32c(std::string_view data);
/// As records have it: rotated and shifted, since a checksum of data that hold checksums is weak.
std::uint32_t MaskedCrc32c(std::string_view data);

/// The data as one record.
std::string TensorboardRecord(std::string_view data);
/// The first record of a file.
std::string TensorboardHeader();

/// The name of a curve. TensorBoard puts those with the same word before the first '/' together:
///
///     metric              node or group   tag
///     test_acc:local      10.0.0.3        test_acc/local/10.0.0.3
///     test_acc:local/p90  all             test_acc/local/p90
///     test_acc:local/p90  east            test_acc/local/east/p90
///     consensus_distance  all             consensus_distance
std::string TensorboardTag(const MetricRow& row);
/// A record with all these rows, which are of one moment of one command; nothing for no rows. The
/// step is the row's, and so the number of the command.
std::string TensorboardScalars(const std::vector<MetricRow>& rows);

}  // namespace delstep
