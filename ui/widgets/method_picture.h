// SPDX-License-Identifier: GPL-3.0-or-later
// A method drawn as blocks from its descriptor: W' = W + s B A with the shapes of this model. Frozen parts grey and hatched,
// trained parts in the accent colour. The long sides are to scale; thin sides grow with the square root of the rank, so that
// small ranks stay visible and a change of rank is seen. Main thread only.
#pragma once

#include <string>
#include <vector>

#include <QWidget>

#include "engine/api/method_catalogue.h"
#include "ui/theme/theme.h"

namespace weft::ui {

struct PicturePart {
  QRectF rect;
  MethodPart part;
};

class MethodPicture final : public QWidget {
  Q_OBJECT
 public:
  enum class Size { Small, Full };   // Small: a tile's, without labels
  MethodPicture(Theme& theme, Size size, QWidget* parent);

  // As the method changes this matrix; without a path, one of its shape.
  void setMethod(const MethodDescriptor& method, const SettingValues& settings, const AdapterSite& site);
  void highlight(const std::vector<std::string>& symbols);
  [[nodiscard]] const std::vector<PicturePart>& parts() const { return m_parts; }
  [[nodiscard]] std::vector<QRectF> labelRects() const;
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

 Q_SIGNALS:
  void hoveredPart(const std::string& symbol);  // "": none
  void clickedPart(const std::string& symbol);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Sign {
    QPointF at;
    QString text;
  };
  struct Label {
    QRectF at;
    QString text;
    std::string symbol;
  };
  void arrange();
  void placeLabels();                // below their parts, none over another
  [[nodiscard]] std::string partAt(const QPointF& at) const;
  [[nodiscard]] bool isLit(const std::string& symbol) const;
  void paintPart(QPainter& painter, const PicturePart& part) const;
  Theme& m_theme;
  const Size m_size;
  std::vector<MethodPart> m_described;
  std::vector<PicturePart> m_parts;
  std::vector<Sign> m_signs;
  std::vector<Label> m_labels;
  QRectF m_parenthesis;              // around what a vector multiplies; empty: none
  double m_scale = 1;
  std::vector<std::string> m_highlighted;
  std::string m_hovered;
};

}  // namespace weft::ui
