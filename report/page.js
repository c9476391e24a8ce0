/* What the page does beyond being read: values at the pointer, and by keyboard. */
/* Nothing is only here: without it the titles of the marks and the tables say the same. */
(function () {
	"use strict";
	var NS = "http://www.w3.org/2000/svg";

	function numbers(text) {
		return text ? text.split(" ").map(Number) : [];
	}

	/* A box beside the pointer, and a line that screen readers read out. */
	function makeTip(plot) {
		var tip = document.createElement("div");
		tip.className = "tip";
		tip.hidden = true;
		tip.setAttribute("role", "status");
		plot.appendChild(tip);
		return {
			show: function (text, x, y) {
				var width = plot.clientWidth;
				tip.textContent = text;
				tip.hidden = false;
				var left = Math.min(x + 14, width - tip.offsetWidth - 4);
				if (left < x && x - tip.offsetWidth - 14 > 0)
					left = x - tip.offsetWidth - 14;
				tip.style.left = Math.max(2, left) + "px";
				tip.style.top = Math.max(2, y - tip.offsetHeight - 10) + "px";
			},
			hide: function () { tip.hidden = true; }
		};
	}

	/* Where a point of the drawing is in the plot's box. */
	function inPlot(plot, svg, x, y) {
		var box = svg.getBoundingClientRect(), outer = plot.getBoundingClientRect();
		var scale = box.width / svg.viewBox.baseVal.width;
		return { x: box.left - outer.left + x * scale, y: box.top - outer.top + y * scale };
	}

	function focusable(plot, what) {
		plot.tabIndex = 0;
		plot.setAttribute("role", "group");
		plot.setAttribute("aria-label", plot.querySelector("figcaption").textContent + ". " + what);
	}

	/* Curves: a line at a time, and the share of every series there. */
	function readCurves(plot, svg, frame) {
		var axis = frame.dataset.x.split(" "), from = +axis[0], to = +axis[1], at = +axis[2], length = +axis[3];
		var log = axis[4] === "log", ends = numbers(frame.dataset.y), tip = makeTip(plot);
		var series = Array.prototype.map.call(frame.querySelectorAll(".curve"), function (path) {
			return { label: path.dataset.label, t: numbers(path.dataset.t), s: numbers(path.dataset.s) };
		});
		var cursor = document.createElementNS(NS, "path"), place = 0.5;
		cursor.setAttribute("class", "cursor");

		function timeAt(share) {
			return log ? from * Math.pow(to / from, share) : from + (to - from) * share;
		}
		function shareWithin(one, time) {
			var low = 0, high = one.t.length;
			while (low < high) {
				var middle = (low + high) >> 1;
				if (one.t[middle] <= time)
					low = middle + 1;
				else
					high = middle;
			}
			return low ? one.s[low - 1] : 0;
		}
		function show(share) {
			place = Math.max(0, Math.min(1, share));
			var time = timeAt(place), x = at + place * length, point = inPlot(plot, svg, x, ends[0] + 40);
			cursor.setAttribute("d", "M" + x.toFixed(1) + " " + ends[0] + "V" + ends[1]);
			frame.appendChild(cursor);
			tip.show("within " + time.toFixed(3) + " s" + series.map(function (one) {
				return "\n" + one.label + ": " + (100 * shareWithin(one, time)).toFixed(1) + " %";
			}).join(""), point.x, point.y);
		}
		function hide() {
			cursor.remove();
			tip.hide();
		}
		focusable(plot, "Arrow keys move the reading line, Home and End go to its ends.");
		svg.addEventListener("pointermove", function (event) {
			var box = svg.getBoundingClientRect();
			show(((event.clientX - box.left) * svg.viewBox.baseVal.width / box.width - at) / length);
		});
		svg.addEventListener("pointerleave", hide);
		plot.addEventListener("focus", function () { if (plot.matches(":focus-visible")) show(place); });
		plot.addEventListener("blur", hide);
		plot.addEventListener("keydown", function (event) {
			var step = event.shiftKey ? 0.1 : 0.01;
			var to = { ArrowLeft: place - step, ArrowRight: place + step, Home: 0, End: 1 }[event.key];
			if (event.key === "Escape")
				hide();
			if (to === undefined)
				return;
			event.preventDefault();
			show(to);
		});
	}

	/* Marks: each has a title, which is shown at once and can be walked through. */
	function readMarks(plot, svg) {
		var marks = Array.prototype.slice.call(svg.querySelectorAll(".m")), tip, at = -1;
		if (!marks.length)
			return;
		tip = makeTip(plot);
		var texts = marks.map(function (mark) {
			var title = mark.querySelector("title"), text = title ? title.textContent : "";
			if (title)
				title.remove();
			return text;
		});
		function show(i) {
			var outer = plot.getBoundingClientRect(), box;
			if (marks[at])
				marks[at].classList.remove("on");
			at = Math.max(0, Math.min(marks.length - 1, i));
			marks[at].classList.add("on");
			box = marks[at].getBoundingClientRect();
			tip.show(texts[at], box.left - outer.left + box.width / 2, box.top - outer.top);
		}
		function hide() {
			if (marks[at])
				marks[at].classList.remove("on");
			tip.hide();
		}
		focusable(plot, "Arrow keys walk through its " + marks.length + " marks.");
		svg.addEventListener("pointermove", function (event) {
			var i = marks.indexOf(event.target.closest(".m"));
			if (i >= 0)
				show(i);
			else
				hide();
		});
		svg.addEventListener("pointerleave", hide);
		plot.addEventListener("focus", function () {
			if (plot.matches(":focus-visible"))
				show(Math.max(0, at));
		});
		plot.addEventListener("blur", hide);
		plot.addEventListener("keydown", function (event) {
			var to = {
				ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1,
				Home: 0, End: marks.length - 1
			}[event.key];
			if (event.key === "Escape")
				hide();
			if (to === undefined)
				return;
			event.preventDefault();
			show(to);
		});
	}

	Array.prototype.forEach.call(document.querySelectorAll(".plot"), function (plot) {
		var svg = plot.querySelector("svg"), frame = svg.querySelector(".frame");
		if (frame)
			readCurves(plot, svg, frame);
		else
			readMarks(plot, svg);
	});
})();
