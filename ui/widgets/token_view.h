// SPDX-License-Identifier: GPL-3.0-or-later
// One row of a data set as token chips: trained tinted, masked plain, special outlined, cut struck through; whitespace
// visible; the tooltip tells id, text and offset. Wraps to its width. Main thread only.
#pragma once

#include <vector>

#include <QWidget>

#include "engine/api/data_preview.h"
#include "ui/theme/theme.h"

namespace weft::ui {

class TokenView final : public QWidget {
  Q_OBJECT
 public:
  TokenView(Theme& theme, QWidget* parent);
  void setTokens(const std::vector<PreviewToken>& tokens);
  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;
  [[nodiscard]] QSize sizeHint() const override { return {480, heightForWidth(480)}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {160, 24}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Chip {
    QRect rect;
    QString text;
  };
  int place(int width, std::vector<Chip>* chips) const;
  Theme& m_theme;
  std::vector<PreviewToken> m_tokens;
  std::vector<Chip> m_chips;
};

// What a token looks like: spaces as ·, line ends as ⏎, bytes that are no character in hexadecimal.
[[nodiscard]] QString visibleToken(const std::string& text);

}  // namespace weft::ui
