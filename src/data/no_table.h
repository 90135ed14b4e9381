#pragma once
#include <string_view>

#include "data/csv_records.h"
#include "delstep/result.h"

namespace delstep {

/// Refuses files of other kinds that lie about as tables, by their first record: XML, Weka's ARFF,
/// JSON, LIBSVM, and a table with comments before its header. To be asked where the first record is
/// no header that fits, for what is no table may look like one of a single column. `label` is the
/// name of the column with the class.
/// Errors: kFile, with what the file is, and how to make a table of it. Success says nothing of the
/// file.
Result<void> RefuseNoTable(const CsvRecords& records, std::string_view label);

}  // namespace delstep
