#include "core/resumed_rows.h"

#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include "base/crc32.h"
#include "base/file_parts.h"
#include "core/file_round.h"
#include "core/rows_in_file.h"

namespace delstep {

ResumedRows::ResumedRows(Engine& engine, std::string_view state, const StateFile* file)
    : engine_(engine), state_(state), file_(engine.cluster ? file : nullptr) {}

// From a file nothing is copied here, and of each row only the length is looked at.
Row ResumedRows::Next(ByteReader& reader, RowPool* pool) {
  const std::string_view bytes = reader.Text();
  if (!reader.ok()) return {};
  if (!pool || bytes.size() != pool->floats() * sizeof(float)) pool = nullptr;
  Row row;
  if (pool && !file_) {
    row = pool->New();
    std::memcpy(row.Write().data(), bytes.data(), bytes.size());
  } else if (pool) {
    row = pool->NewNowhere();
  }
  if (file_) {
    const std::size_t length = sizeof(std::uint64_t);
    places_.push_back({.row = row,
                       .at = static_cast<std::size_t>(bytes.data() - state_.data()) - length,
                       .size = length + bytes.size()});
  }
  return row;
}

void ResumedRows::Read(ByteReader& reader, std::size_t models, std::size_t states) {
  for (; models > 0 && reader.ok(); --models) {
    rows_.models.push_back(Next(reader, engine_.model_rows.get()));
    reader.Require(!rows_.models.back().empty());
  }
  for (; states > 0 && reader.ok(); --states) {
    // The length is looked at before the row is taken.
    ByteReader ahead = reader;
    const std::size_t size = ahead.Text().size();
    const auto pool = engine_.state_pools.find(size / sizeof(float));
    rows_.states.push_back(
        Next(reader, pool == engine_.state_pools.end() ? nullptr : &pool->second));
  }
}

/// By Row::identity(). The first node that has a row counts, of the present world before moments.
std::map<const void*, int> ResumedRows::HomesOf(
    std::span<const std::optional<World>> worlds) const {
  std::map<const void*, int> homes;
  for (const std::optional<World>& world : worlds) {
    if (!world) continue;
    for (const Node& node : world->nodes)
      for (const Row* row : {&node.model, &node.state, &node.anchor, &node.known, &node.residual})
        if (!row->empty()) homes.try_emplace(row->identity(), engine_.homes.Of(node.id));
  }
  return homes;
}

// Also what nobody else has read. From the file, not from memory: where it is mapped, the system would read
// it page by page.
Result<void> ResumedRows::ReadHere(const std::vector<Place*>& places) {
  std::vector<RoomForRow> room;
  for (const Place* place : places)
    room.push_back({.numbers = place->row.MakePlace(), .at = file_->begin + place->at});
  DELSTEP_ASSIGN(const std::vector<std::uint32_t> check_sums, ReadRows(file_->path, room));
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i]->check_sum = check_sums[i];
    places[i]->row.NoteHolder(0);
  }
  return {};
}

Result<void> ResumedRows::ReadShares(const std::vector<std::vector<Place*>>& shares,
                                     std::vector<Place*>& left) {
  const auto ask = [&](ByteWriter& item, const Place* place) {
    item.Add(place->row.version());
    item.Add(std::uint64_t{place->row.floats()});
    item.Add(std::uint64_t{file_->begin + place->at});
  };
  const auto take = [](int process, Place* place, std::uint32_t check_sum) {
    place->check_sum = check_sum;
    place->row.NoteHolder(process);
  };
  DELSTEP_ASSIGN(const FileMark mark, MarkOf(file_->path, file_->begin + state_.size()));
  DELSTEP_ASSIGN(const std::vector<int> blind,
                 PlayFileRound(
                     *engine_.cluster, Work::kReadRows,
                     AboutFile(std::filesystem::absolute(file_->path).string(), mark), shares, ask,
                     [&](const std::vector<Place*>& share) { return ReadHere(share); }, take));
  for (const int process : blind) {
    const auto& share = shares[static_cast<std::size_t>(process)];
    left.insert(left.end(), share.begin(), share.end());
  }
  return {};
}

// Rows of messages and guestbooks belong to no node: they will travel when they are first averaged, and are
// dealt out so that no process has to hold them all.
Result<void> ResumedRows::ReadEverywhere(std::span<const std::optional<World>> worlds) {
  if (!file_) return {};
  const std::map<const void*, int> homes = HomesOf(worlds);
  const auto all = static_cast<std::size_t>(engine_.cluster->size());
  std::vector<std::vector<Place*>> shares(all);
  std::vector<Place*> left;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    Place& place = places_[i];
    if (place.row.empty()) {
      place.check_sum = Crc32(std::as_bytes(std::span(state_.substr(place.at, place.size))));
      continue;
    }
    const auto home = homes.find(place.row.identity());
    shares[home == homes.end() ? i % all : static_cast<std::size_t>(home->second)].push_back(
        &place);
  }
  DELSTEP_TRY(ReadShares(shares, left));
  DELSTEP_TRY(ReadHere(left));
  return CheckSum();
}

// All but the rows was read here; of the rows each reader has told.
Result<void> ResumedRows::CheckSum() const {
  const std::size_t head = places_.empty() ? state_.size() : places_.front().at;
  std::uint32_t sum = Crc32(std::as_bytes(std::span(state_.substr(0, head))));
  for (const Place& place : places_) sum = JoinCrc32(sum, place.check_sum, place.size);
  if (sum == file_->check_sum) return {};
  return BadFile("the saved state of the run is damaged: its check sum is another one");
}

}  // namespace delstep
