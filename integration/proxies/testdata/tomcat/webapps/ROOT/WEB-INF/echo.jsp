<%@ page import="java.net.URLEncoder" contentType="application/json;charset=UTF-8" session="false" trimDirectiveWhitespaces="true" %>
<%
  // The path as servlets see it: decoded, without path parameters.
  String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
  String[] segments = path.substring(1).split("/", -1);
  StringBuilder arrived = new StringBuilder("method=").append(request.getMethod());
  for (String segment : segments) {
    arrived.append("&segment=").append(URLEncoder.encode(segment, "UTF-8"));
  }
  response.setHeader("Arrived", arrived.toString());

  String last = segments[segments.length - 1];
  if (request.getMethod().equals("GET")) {
    out.print(segments.length == 3 ? "[]" : "{\"passwords\":[],\"status\":\"active\"}"); // each object has a property of its model
  } else if (last.equals("generate") || last.equals("change-generated")) {
    response.setContentType("text/plain;charset=UTF-8");
    out.print("path-once-a02c");
  } else {
    response.setStatus(204);
  }
%>
