// SPDX-License-Identifier: Apache-2.0
// The loss over a large vocabulary: each chunk's logits become their own gradient, and that becomes what it adds to the
// gradients of the product, before the next chunk is made. So the forward pass does the products of the backward pass,
// and none is done twice: to make the logits again in the backward pass would take a third more time, and no less
// memory.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "autograd/weight_edges.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// The product, checked: how many classes it has.
int64_t classes_of(const Variable& x, const Tensor& w, const Variable& b, const Indices& targets,
                   const LinearCrossEntropy& options) {
  check_defined("linear_cross_entropy", "the input", x.value());
  check_defined("linear_cross_entropy", "the weight", w);
  check(x.value().rank() == 2 && w.rank() == 2 && x.size(1) == w.size(options.in_out ? 0 : 1),
        "linear_cross_entropy: input {} does not fit weight {}", x.shape(), w.shape());
  check(x.size(0) == targets.size(), "linear_cross_entropy: input {} for {} targets", x.shape(), targets.size());
  const int64_t classes = w.size(options.in_out ? 1 : 0);
  check(!b.defined() || b.shape() == Shape{classes}, "linear_cross_entropy: bias {} for {} classes",
        b.defined() ? b.shape() : Shape{}, classes);
  const auto host = targets.host();
  for (size_t t = 0; t < host.size(); ++t)
    check(host[t] == options.loss.ignore || (host[t] >= 0 && host[t] < classes),
          "linear_cross_entropy: target {} of row {} is not in [0, {})", host[t], t, classes);
  return classes;
}

// As many rows as there are bytes for, in chunks of nearly the same size.
int64_t rows_at_once(int64_t rows, int64_t row_bytes, int64_t chunk_bytes) {
  const int64_t most = std::max<int64_t>(1, chunk_bytes / std::max<int64_t>(1, row_bytes));
  const int64_t chunks = std::max<int64_t>(1, (rows + most - 1) / most);
  return std::max<int64_t>(1, (rows + chunks - 1) / chunks);
}

Tensor joined(const std::vector<Tensor>& parts) { return parts.size() == 1 ? parts[0] : concat(parts, 0); }

// The gradients of a product's inputs, as far as they are needed, chunk by chunk of its rows.
class ProductGradients {
 public:
  // whole: w as a factor.
  ProductGradients(const Variable& x, const Factor& w, const Tensor& whole, const Variable& b,
                   const LinearCrossEntropy& options)
      : w_(whole),
        in_out_(options.in_out),
        factor_(options.scale),
        needs_x_(needed(x)),
        needs_w_(needed(w.variable())),
        constant_w_(w.constant()),
        needs_b_(b.defined() && needed(b)),
        trained_(needs_w_ ? gradient_rows(w.variable()) : RowRanges()) {}

  bool any() const { return needs_x_ || needs_w_ || needs_b_; }

  // dz: the gradient of the rows of the product that x makes.
  void add(const Tensor& x, const Tensor& dz) {
    if (needs_x_) of_x_.push_back(product(dz.to(w_.dtype()), in_out_ ? w_.transpose() : w_, constant_w_));
    if (needs_w_) add_to_w(x, dz.to(x.dtype()));
    if (!needs_b_) return;
    const Tensor sums = sum_rows(dz);
    if (of_b_.defined()) {
      binary_(BinaryOp::add, of_b_, sums);
    } else {
      of_b_ = sums;
    }
  }

  // Each is handed over.
  Tensor of_x() { return joined(std::exchange(of_x_, {})); }
  Tensor of_w() { return std::exchange(of_w_, {}); }
  Tensor of_b() { return std::exchange(of_b_, {}); }

 private:
  Tensor product(const Tensor& a, const Tensor& b, bool constant_b) const {
    Matmul options;
    options.scale = factor_;
    options.constant_b = constant_b;
    return matmul(a, b, options);
  }

  // Of a weight trained by rows, only these.
  void add_to_w(const Tensor& x, const Tensor& dz) {
    const Tensor left = take_ranges(in_out_ ? x : dz, 1, trained_).transpose();
    const Tensor& right = in_out_ ? dz : x;
    if (of_w_.defined()) {
      matmul_add_(of_w_, left, right, factor_);
    } else {
      of_w_ = product(left, right, false);
    }
  }

  const Tensor w_;
  const bool in_out_;
  const double factor_;
  const bool needs_x_, needs_w_, constant_w_, needs_b_;
  const RowRanges trained_;
  std::vector<Tensor> of_x_;
  Tensor of_w_, of_b_;
};

// A gradient that is there already but for that of the loss: multiplied in its own memory, since a graph is walked
// once.
GradFn times(Tensor gradient) {
  return [gradient = std::move(gradient)](const Tensor& dy) mutable {
    binary_(BinaryOp::mul, gradient, dy);
    return std::move(gradient);
  };
}

// With all logits at once: w's gradient is added in place to one that is there, where chunks need memory for another.
Variable of_few_rows(const Variable& x, const Factor& w, const Variable& b, const Indices& targets,
                     const LinearCrossEntropy& options, double count, Tensor* rows) {
  const Variable scaled = options.scale == 1 ? x : scale(x, options.scale);
  const auto product = [&](const auto& weight) {
    return options.in_out ? linear_in_out(scaled, weight, b) : linear(scaled, weight, b);
  };
  return cross_entropy(w.compressed() ? product(*w.compressed()) : product(w.variable()), targets, options.loss, count,
                       rows);
}

Variable of_product(const Variable& x, const Factor& factor, const Variable& b, const Indices& targets,
                    const LinearCrossEntropy& options, double count, Tensor* row_losses) {
  const int64_t classes = classes_of(x, factor.stored(), b, targets, options), rows = x.size(0);
  const Variable& w = factor.variable();
  check(count >= 0, "linear_cross_entropy: divided by {}", count);
  const auto host = targets.host();
  if (count == 0) count = static_cast<double>(std::ssize(host) - std::ranges::count(host, options.loss.ignore));
  const auto number_bytes = static_cast<int64_t>(std::max(size_of(DType::f32), size_of(x.value().dtype())));
  const int64_t row_bytes = classes * number_bytes;
  const int64_t of_w = needed(w) ? gradient_rows(w).count() * w.size(1) * number_bytes : 0;
  if (count == 0 || 2 * rows * row_bytes <= options.chunk_bytes + of_w)
    return of_few_rows(x, factor, b, targets, options, count, row_losses);

  Matmul product;
  product.scale = options.scale;
  product.bias = b.value();
  product.constant_b = factor.constant();
  const Tensor whole = factor.whole(), columns = options.in_out ? whole : whole.transpose();
  ProductGradients gradients(x, factor, whole, b, options);
  std::vector<Tensor> losses;
  const int64_t step = rows_at_once(rows, row_bytes, options.chunk_bytes);
  for (int64_t begin = 0; begin < rows; begin += step) {
    const int64_t end = std::min(begin + step, rows);
    const Tensor part = x.value().slice(0, begin, end);
    const Indices some({host.begin() + begin, host.begin() + end}, part.device());
    const Tensor logits = matmul(part, columns, product);
    const CrossEntropyResult result = cross_entropy(logits, some, options.loss, gradients.any());
    losses.push_back(result.losses);
    if (!gradients.any()) continue;
    const Tensor slope = Tensor::full({1}, 1 / count, logits.dtype(), logits.device()).expand({end - begin});
    cross_entropy_backward_(logits, slope, result.lse, some, options.loss);
    gradients.add(part, logits);
  }
  std::vector<Edge> edges;
  if (needed(x)) edges.push_back(grad_to(x, times(gradients.of_x())));
  if (needed(w)) edges.push_back(grad_to(w, times(gradients.of_w())));
  if (needed(b)) edges.push_back(grad_to(b, times(gradients.of_b())));
  const Tensor all = joined(losses);
  if (row_losses) *row_losses = all;
  return record("linear_cross_entropy", sum_all(all, 1 / count), std::move(edges));
}

}  // namespace

Variable linear_cross_entropy(const Variable& x, const Variable& w, const Variable& b, const Indices& targets,
                              const LinearCrossEntropy& options, double count, Tensor* rows) {
  return of_product(x, w, b, targets, options, count, rows);
}

Variable linear_cross_entropy(const Variable& x, const CompressedWeight& w, const Variable& b, const Indices& targets,
                              const LinearCrossEntropy& options, double count, Tensor* rows) {
  return of_product(x, w, b, targets, options, count, rows);
}

}  // namespace thaw
