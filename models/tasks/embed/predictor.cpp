// SPDX-License-Identifier: Apache-2.0
// Computes cosines.
#include "models/tasks/embed/predictor.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/packed_text.h"
#include "models/tasks/embed/similarity.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

TableReading reading(const EmbedOptions& o, const FieldNames& called) {
  check(!o.text_pair_column.empty(), "{}: needed: cosines are of pairs of texts (thaw embed writes vectors of texts)",
        called("text_pair_column"));
  TableReading reading;
  reading.columns = reading.text_columns = {o.text_column, o.text_pair_column};
  return reading;
}

}  // namespace

EmbedPredictor::EmbedPredictor(TextEmbedder& model, const EmbedOptions& options, const PredictionRequest& request,
                               const FieldNames& called)
    : model_(model), as_json_(request.as_json), reader_(open_rows(request, reading(options, called), called)) {}

std::vector<std::string> EmbedPredictor::notes() const { return notes_of(cut_, unknown_); }

bool EmbedPredictor::next(int64_t count, std::string& lines) {
  lines.clear();
  std::vector<TableRow> rows;
  std::vector<Encoding> texts, partners;
  errors_.read(count, [&] {
    TableRow row;
    if (!reader_.next(row)) return false;
    Encoding text = model_.encoder().encode_row(row.cells[0], {}, reader_.where(row));
    Encoding partner = model_.encoder().encode_row(row.cells[1], {}, reader_.where(row));
    cut_.add(static_cast<int64_t>(text.cut));
    cut_.add(static_cast<int64_t>(partner.cut));
    const std::span<const std::string> cells(row.cells);
    unknown_.add(text, cells.first(1), model_.encoder().tokenizer(), reader_.where(row));
    unknown_.add(partner, cells.subspan(1, 1), model_.encoder().tokenizer(), reader_.where(row));
    texts.push_back(std::move(text));
    partners.push_back(std::move(partner));
    rows.push_back(std::move(row));
    return true;
  });
  if (rows.empty()) return false;
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_.store().mode());
  const Variable said = cosines(model_.pooled(pointers_to(texts)), model_.pooled(pointers_to(partners)));
  const std::vector<float> values = said.value().to_host<float>();
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto cosine = static_cast<double>(values[i]);
    if (!std::isfinite(cosine)) fail_of_overflow(reader_.where(rows[i]));
    const std::vector<std::string>& cells = rows[i].cells;
    if (as_json_) {
      lines +=
          Json::object().set("text", cells[0]).set("text_pair", cells[1]).set("cosine", rounded(cosine)).dump() + "\n";
    } else {
      lines += fmt::format("{:.4f}\t{}\t{}\n", cosine, tsv_cell(cells[0]), tsv_cell(cells[1]));
    }
  }
  return true;
}

}  // namespace thaw
