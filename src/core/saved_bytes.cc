#include "core/saved_bytes.h"

#include <cassert>
#include <filesystem>
#include <map>
#include <utility>

#include "base/crc32.h"
#include "base/file_parts.h"
#include "core/file_round.h"
#include "core/rows_in_file.h"

namespace delstep {
namespace {

class SavedRowsAndHead final : public SavedBytes {
 public:
  SavedRowsAndHead(std::string head, std::vector<Row> rows, std::shared_ptr<Cluster> cluster)
      : head_(std::move(head)),
        rows_(std::move(rows)),
        cluster_(std::move(cluster)),
        size_(head_.size()) {
    for (const Row& row : rows_) {
      lengths_.try_emplace(row.floats(), LengthOfRow(row.floats()));
      places_.push_back(size_);
      size_ += SizeInFile(row);
    }
  }

  Bytes size() const override { return size_; }

  std::vector<std::span<const std::byte>> Pieces() const override {
    std::vector<const Row*> all;
    for (const Row& row : rows_) all.push_back(&row);
    BringAll(all);
    std::vector<std::span<const std::byte>> pieces = {Head()};
    for (const Row& row : rows_) {
      pieces.push_back(std::as_bytes(std::span(lengths_.at(row.floats()))));
      pieces.push_back(std::as_bytes(row.view()));
    }
    return pieces;
  }

  // The head first, and alone: it tells a full disk before all are set to work.
  Result<StateInFile> WriteInto(const std::string& name, Bytes begin) const override {
    const std::string file = std::filesystem::absolute(name).string();
    DELSTEP_TRY(MakeRoom(file, begin + size_));
    const FilePart head{.at = begin, .bytes = Head()};
    DELSTEP_TRY(WriteParts(file, {&head, 1}));
    StateInFile state;
    std::vector<std::uint32_t> check_sums(rows_.size());
    DELSTEP_TRY(WriteAllRows(file, begin, check_sums, state.blind));
    // Of parts that others have written their check sums are enough.
    state.check_sum = Crc32(Head());
    for (std::size_t i = 0; i < rows_.size(); ++i)
      state.check_sum = JoinCrc32(state.check_sum, check_sums[i], SizeInFile(rows_[i]));
    return state;
  }

 private:
  /// Rows that one process writes, by their places in rows_.
  using Share = std::vector<std::size_t>;

  std::span<const std::byte> Head() const { return std::as_bytes(std::span(head_)); }

  /// In one round: row by row would be slow.
  void BringAll(std::span<const Row* const> rows) const {
    if (!cluster_) return;
    Round round(*cluster_);
    for (const Row* row : rows) round.Need(*row, 0);
    round.Start();
    [[maybe_unused]] const auto done = round.Finish();
    assert(done);
  }

  Result<void> WriteHere(const std::string& file, Bytes begin, const Share& share,
                         std::vector<std::uint32_t>& check_sums) const {
    std::vector<RowInFile> rows;
    for (const std::size_t i : share) rows.push_back({.row = &rows_[i], .at = begin + places_[i]});
    DELSTEP_ASSIGN(const std::vector<std::uint32_t> written, WriteRows(file, rows));
    for (std::size_t k = 0; k < share.size(); ++k) check_sums[share[k]] = written[k];
    return {};
  }

  /// A row that several hold is written by one of them.
  std::vector<Share> DealRows() const {
    std::vector<Share> shares(cluster_ ? static_cast<std::size_t>(cluster_->size()) : 1);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      shares[cluster_ ? static_cast<std::size_t>(ChooseHolder(rows_[i])) : 0].push_back(i);
    return shares;
  }

  Result<void> WriteAllRows(const std::string& file, Bytes begin,
                            std::vector<std::uint32_t>& check_sums, std::vector<int>& blind) const {
    const std::vector<Share> shares = DealRows();
    if (!cluster_) return WriteHere(file, begin, shares[0], check_sums);
    DELSTEP_TRY(WriteEverywhere(file, begin, shares, check_sums, blind));
    // What those hold who do not see the file is written after the others have done, not meanwhile: it has
    // to come here first.
    Share left;
    std::vector<const Row*> rows;
    for (const int process : blind)
      for (const std::size_t i : shares[static_cast<std::size_t>(process)]) {
        left.push_back(i);
        rows.push_back(&rows_[i]);
      }
    if (left.empty()) return {};
    BringAll(rows);
    return WriteHere(file, begin, left, check_sums);
  }

  Result<void> WriteEverywhere(const std::string& file, Bytes begin,
                               const std::vector<Share>& shares,
                               std::vector<std::uint32_t>& check_sums,
                               std::vector<int>& blind) const {
    const auto ask = [&](ByteWriter& item, std::size_t i) {
      item.Add(rows_[i].version());
      item.Add(std::uint64_t{begin + places_[i]});
    };
    DELSTEP_ASSIGN(
        blind,
        PlayFileRound(
            *cluster_, Work::kWriteRows, AboutFile(file, begin + size_), shares, ask,
            [&](const Share& share) { return WriteHere(file, begin, share, check_sums); },
            [&](int, std::size_t i, std::uint32_t check_sum) { check_sums[i] = check_sum; }));
    return {};
  }

  const std::string head_;
  const std::vector<Row> rows_;
  const std::shared_ptr<Cluster> cluster_;
  Bytes size_;
  std::map<std::size_t, std::string> lengths_;  // of rows, as written, by their floats
  std::vector<Bytes> places_;                   // where the length of each row begins
};

}  // namespace

std::shared_ptr<const SavedBytes> MakeSavedBytes(std::string head, std::vector<Row> rows,
                                                 std::shared_ptr<Cluster> cluster) {
  return std::make_shared<SavedRowsAndHead>(std::move(head), std::move(rows), std::move(cluster));
}

}  // namespace delstep
